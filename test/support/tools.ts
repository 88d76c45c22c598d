// Finds the programs that some tests need beside Node. In CI a missing one fails the run; elsewhere the test is skipped, by name.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/** Where a tool is, or why the test that needs it is skipped (to be given to `node:test` as `skip`). */
export type Tool = { path: string; skip: false } | { path: ''; skip: string };

function found(
  name: string,
  candidates: (string | undefined)[],
  usable: (path: string) => boolean,
  how: string,
): Tool {
  const path = candidates.find((candidate) => candidate !== undefined && usable(candidate));
  if (path !== undefined) return { path, skip: false };
  const reason = `${name} is not installed: ${how}`;
  if (process.env.CI) throw new Error(`${reason} (in CI every tool must be there)`);
  return { path: '', skip: reason };
}

/** A Chromium for browser tests: $CHROMIUM_PATH, or the system's. */
export function chromium(): Tool {
  return found(
    'Chromium',
    [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
    existsSync,
    'apt-get install chromium, or set CHROMIUM_PATH',
  );
}

/** A Python 3 that can import `module`, which Debian has as the package `debian`. */
export function pythonWith(module: string, debian: string): Tool {
  const imports = (python: string) => {
    try {
      execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  return found(`Python's ${module}`, ['python3', '/usr/bin/python3'], imports, `apt-get install ${debian}`);
}

/** A Redis server, for the adapters that need one. */
export function redisServer(): Tool {
  return found(
    'Redis',
    [process.env.REDIS_SERVER_PATH, '/usr/bin/redis-server', '/usr/local/bin/redis-server'],
    existsSync,
    'apt-get install redis-server, or set REDIS_SERVER_PATH',
  );
}

/** The server program of PostgreSQL, beside which the one is that makes a database. */
export function postgres(): Tool {
  const versions = ['/usr/lib/postgresql', '/usr/local/pgsql'].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((version) => `${folder}/${version}/bin/postgres`) : [],
  );
  return found(
    'PostgreSQL',
    [process.env.POSTGRES_PATH, ...versions],
    existsSync,
    'apt-get install postgresql, or set POSTGRES_PATH',
  );
}

/** nginx, for what stands in front of several nodes. */
export function nginx(): Tool {
  return found(
    'nginx',
    [process.env.NGINX_PATH, '/usr/sbin/nginx', '/usr/local/sbin/nginx'],
    existsSync,
    'apt-get install nginx-light, or set NGINX_PATH',
  );
}

/** OpenSSL's command, which makes certificates. */
export function openssl(): Tool {
  return found(
    'OpenSSL',
    ['/usr/bin/openssl', '/usr/local/bin/openssl'],
    existsSync,
    'apt-get install openssl',
  );
}

/** curl, as people use it. */
export function curl(): Tool {
  return found('curl', ['/usr/bin/curl', '/usr/local/bin/curl'], existsSync, 'apt-get install curl');
}

/** A Firefox for browser tests: $FIREFOX_PATH, or the system's. */
export function firefox(): Tool {
  return found(
    'Firefox',
    [process.env.FIREFOX_PATH, '/usr/bin/firefox-esr', '/usr/bin/firefox'],
    existsSync,
    'apt-get install firefox-esr, or set FIREFOX_PATH',
  );
}

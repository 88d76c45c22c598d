// Feeds command lines and environments in, and reads what the demo would do or complain about.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greeting } from '../../src/demo/greeting.ts';
import { explainListenError, readCommand, UsageError } from '../../src/demo/options.ts';

const defaults = { do: 'serve', host: '127.0.0.1', port: 3000 };

test('flags come before the environment, and that before the defaults', () => {
  assert.deepEqual(readCommand([], {}), defaults);
  assert.deepEqual(readCommand([], { PORT: '', HOST: '' }), defaults);
  assert.deepEqual(readCommand([], { PORT: '80', HOST: '::1' }), { do: 'serve', host: '::1', port: 80 });
  assert.deepEqual(readCommand(['--port', '0', '--host=0.0.0.0'], { PORT: 'bad', HOST: '::1' }), {
    do: 'serve',
    host: '0.0.0.0',
    port: 0,
  });
  assert.deepEqual(readCommand(['-p', '65535'], {}), { ...defaults, port: 65535 });
  assert.deepEqual(readCommand(['--port', '1', '--help'], {}), { do: 'help' });
  assert.deepEqual(readCommand(['-v'], {}), { do: 'version' });
});

test('a mistake is named, with what to do about it', () => {
  const table: [string[], Record<string, string>, RegExp][] = [
    [['--prot', '1'], {}, /no option --prot\..*--help/],
    [['-x'], {}, /no option -x\./],
    [['--__proto__=1'], {}, /no option --__proto__/],
    [['--constructor'], {}, /no option --constructor/],
    [['8080'], {}, /"8080" is not an option/],
    [['--port'], {}, /--port needs a value.*--port 8080/],
    [['--port='], {}, /--port needs a value/],
    [['--port', '--host', 'x'], {}, /--port needs a value/],
    [['--host'], {}, /--host needs a value.*--host 0\.0\.0\.0/],
    [['--help=yes'], {}, /--help takes no value/],
    [['--port', '65536'], {}, /--port is "65536".*0 to 65535/],
    [['--port=-1'], {}, /--port is "-1"/],
    [['--port', '1e3'], {}, /--port is "1e3"/],
    [['--port', '80 '], {}, /--port is "80 "/],
    [[], { PORT: 'http' }, /PORT is "http"/],
  ];
  for (const [args, env, message] of table) {
    assert.throws(
      () => readCommand(args, env),
      (error) => error instanceof UsageError && message.test(error.message),
      JSON.stringify(args),
    );
  }
});

test('an error of listen is explained, unless no user can put it right', () => {
  const explain = (code: string, port = 3000) =>
    explainListenError(Object.assign(new Error(), { code }), 'example.invalid', port);
  assert.match(explain('EADDRINUSE') ?? '', /Port 3000 on example.invalid is taken.*--port 3001/);
  assert.match(explain('EADDRINUSE', 65535) ?? '', /--port 3000/);
  assert.match(explain('EACCES', 80) ?? '', /may not listen on port 80/);
  assert.match(explain('ENOTFOUND') ?? '', /no address of this machine/);
  assert.equal(explain('EMFILE'), undefined);
});

test('the greeting says where to go and how to join, and who can', () => {
  const at = (address: string, family: string) => greeting('1.2.3', { address, family, port: 3000 });
  const local = at('127.0.0.1', 'IPv4');
  assert.match(local, /http:\/\/localhost:3000\n/);
  assert.match(local, /npx wscat -c ws:\/\/localhost:3000\/ws/);
  assert.match(local, /Only this machine/);
  assert.match(at('0.0.0.0', 'IPv4'), /http:\/\/localhost:3000\n/);
  assert.doesNotMatch(at('0.0.0.0', 'IPv4'), /Only this machine/);
  assert.match(at('fe80::1', 'IPv6'), /http:\/\/\[fe80::1\]:3000\n/);
  assert.match(local, /curl -N http:\/\/localhost:3000\/events\n/);
  assert.match(at('192.0.2.7', 'IPv4'), /ws:\/\/192\.0\.2\.7:3000\/ws/);
});

// A key and a certificate for this machine, signed by nobody, for tests over TLS.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openssl } from './tools.ts';

const tool = openssl();

/** Why tests over TLS are skipped, if they are. */
export const { skip } = tool;

/** Made anew for each process. Not to be called where tests are skipped. */
export function selfSigned(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(path.join(tmpdir(), 'wirehub-tls-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    const names = ['-batch', '-subj', '/CN=localhost', '-keyout', key, '-out', cert];
    execFileSync(tool.path, [...request, ...names], { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

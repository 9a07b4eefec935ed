// A certificate of a day for 127.0.0.1, which Terraform's provider trusts by SSL_CERT_FILE.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '../../../src/testing/server.ts';

export interface Certificate {
  /** Arguments of `serve`. */
  args: readonly string[];
  /** What makes a Go program trust it. */
  env: Readonly<Record<string, string>>;
}

export const makeCertificate = (t: Scope): Certificate => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-tls-'));
  t.after(async () => rmSync(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const named = ['-days', '1', '-subj', '/CN=kindred', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', ...kind, ...named, '-keyout', key, '-out', cert], {
    stdio: 'pipe',
  });
  return { args: ['--tls-cert', cert, '--tls-key', key], env: { SSL_CERT_FILE: cert } };
};

// `kindred tls init`: a local CA and a certificate for this server, in four files. Run again it keeps the
// CA and makes a new certificate, which a running server takes up by itself.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClocks } from '../../lib/clock.ts';
import type { Command } from '../command.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import type { KeyedCertificate } from './authority.ts';

const SUMMARY = 'Make a local CA and a certificate, to serve HTTPS.';
const CA_DAYS = 3_650;
/** Longer ones are refused by some platforms. */
const MAX_DAYS = 825;
const DEFAULT_DAYS = 397;
const MAX_HOSTS = 100;
const HOST =
  /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

const HELP = `kindred tls init: ${SUMMARY}

  --host NAME   a name or address that clients call this server by; may be given several times
                (localhost, 127.0.0.1, ::1 and the name of this machine)
  --dir DIR     where the four files go (./kindred-tls)
  --days N      how long the certificate lasts, 1 to ${MAX_DAYS} (${DEFAULT_DAYS})
  --new-ca      make another CA too; every client has to trust it anew

Makes ca.pem and ca-key.pem (the CA, ten years), cert.pem and key.pem (the server). Keys are readable by
you alone. The CA can sign for these hosts and what is below them, and for nothing else, so that trusting
it opens no other site. Run again, it keeps the CA and renews the certificate: a server that runs takes it
up within seconds, without a restart.

  kindred tls init --host images.lab --host 10.0.0.5
  kindred serve --listen 10.0.0.5:5260 --tls-cert kindred-tls/cert.pem --tls-key kindred-tls/key.pem

Exit codes: 0 done, 1 a file cannot be read or written, 2 wrong usage.
`;

export const tls: Command = {
  summary: SUMMARY,
  helpText: () => HELP,
  async run(argv, io) {
    const wish = readWish(argv);
    try {
      await init(wish, io);
      return 0;
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      io.err(`kindred: ${error.message}.\n`);
      return 1;
    }
  },
};

interface Wish {
  dir: string;
  hosts: readonly string[];
  days: number;
  isNewCa: boolean;
}

const readWish = (argv: readonly string[]): Wish => {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      options: {
        host: { type: 'string', multiple: true },
        dir: { type: 'string' },
        days: { type: 'string' },
        'new-ca': { type: 'boolean' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]!}; see kindred tls --help.`);
  }
  const { values, positionals } = parsed;
  if (positionals.length !== 1 || positionals[0] !== 'init')
    throw new UsageError('it is kindred tls init; see kindred tls --help.');
  const days = Number(values.days ?? DEFAULT_DAYS);
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS)
    throw new UsageError(`--days is a whole number from 1 to ${MAX_DAYS}.`);
  const given = values.host ?? ['localhost', '127.0.0.1', '::1', hostname()];
  const hosts = [...new Set(given.map((host) => host.toLowerCase()))];
  if (hosts.length > MAX_HOSTS) throw new UsageError(`at most ${MAX_HOSTS} hosts.`);
  for (const host of hosts)
    if (isIP(host) === 0 && (!HOST.test(host) || host.length > 253))
      throw new UsageError(
        `--host ${host} is neither a host name nor an address (no port, no scheme).`,
      );
  return {
    dir: resolve(values.dir ?? 'kindred-tls'),
    hosts,
    days,
    isNewCa: values['new-ca'] === true,
  };
};

const init = async ({ dir, hosts, days, isNewCa }: Wish, io: Io): Promise<void> => {
  const { issue, makeAuthority, notPermitted } = await import('./authority.ts');
  const nowMs = systemClocks.wallMs();
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const known = isNewCa ? undefined : readAuthority(dir, nowMs);
  const refused = known === undefined ? [] : notPermitted(known.certificate, hosts);
  if (refused.length > 0)
    throw new UsageError(
      `the CA in ${dir} may not sign for ${refused.join(', ')}: it was made for other hosts. --new-ca makes one that may.`,
    );
  const authority = known ?? (await makeAuthority(hosts, CA_DAYS, nowMs));
  const server = await issue(authority, hosts, days, nowMs);
  if (known === undefined) {
    replaceFile(join(dir, 'ca-key.pem'), authority.key, 0o600);
    replaceFile(join(dir, 'ca.pem'), authority.certificate, 0o644);
  }
  // A server that looks in between finds a pair that does not fit, and keeps the one before.
  replaceFile(join(dir, 'key.pem'), server.key, 0o600);
  replaceFile(join(dir, 'cert.pem'), server.certificate, 0o644);
  const ends = new X509Certificate(server.certificate).validToDate.toISOString().slice(0, 10);
  io.out(`${join(dir, 'cert.pem')} for ${hosts.join(', ')}, until ${ends}
${join(dir, 'ca.pem')} ${known === undefined ? 'is new: clients have to trust it' : 'is the one that clients trust already'}
`);
  io.err(`
Serve with it:
  kindred serve --tls-cert ${join(dir, 'cert.pem')} --tls-key ${join(dir, 'key.pem')}
Trust it, each in its own way:
  export NODE_EXTRA_CA_CERTS=${join(dir, 'ca.pem')}   # Node.js, and kindred's own commands
  export SSL_CERT_FILE=${join(dir, 'ca.pem')}         # Go: Terraform, Packer, the aliyun CLI
  export REQUESTS_CA_BUNDLE=${join(dir, 'ca.pem')}    # Python
`);
};

/** The CA that lies there, unless there is none or it has ended. */
const readAuthority = (dir: string, nowMs: number): KeyedCertificate | undefined => {
  const [certificateFile, keyFile] = [join(dir, 'ca.pem'), join(dir, 'ca-key.pem')];
  if (!existsSync(certificateFile) && !existsSync(keyFile)) return undefined;
  const certificate = readFileSync(certificateFile, 'utf8');
  const key = readFileSync(keyFile, 'utf8');
  let found: X509Certificate;
  let fits: boolean;
  try {
    found = new X509Certificate(certificate);
    fits = found.checkPrivateKey(createPrivateKey(key));
  } catch {
    fits = false;
  }
  if (!fits)
    throw new UsageError(`ca.pem and ca-key.pem in ${dir} are no pair; --new-ca makes another.`);
  return found!.validToDate.getTime() < nowMs ? undefined : { certificate, key };
};

/** Whole under its name, or not there. */
const replaceFile = (path: string, text: string, mode: number): void => {
  const part = `${path}.part`;
  rmSync(part, { force: true });
  writeFileSync(part, text, { mode, flag: 'wx', flush: true });
  renameSync(part, path);
};

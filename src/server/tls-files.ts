// Certificate and key of the HTTPS port. They are checked as a pair before they are used, and followed on
// the disk: a renewed pair serves every connection that begins after it, and the ones before go on. A pair
// that does not fit (a renewal caught half-way, a damaged file) is never used: the one before stays.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { Logger } from './log.ts';
import type { Gauge } from './metrics.ts';
import { StartRefused } from './refusal.ts';

/** How often the files are looked at, milliseconds. */
const LOOK_MS = 2_000;
const WARN_BEFORE_MS = 14 * 86_400_000;

/** TLS 1.2 only with forward secrecy and AEAD; TLS 1.3 is preferred by every client that knows it. */
const SECURITY = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
  honorCipherOrder: true,
} as const;

export type TlsOptions = typeof SECURITY & { cert: string; key: string };

export interface TlsFiles {
  certFile: string;
  keyFile: string;
}

export interface FollowedTls {
  readonly options: TlsOptions;
  /** When the certificate that is served now ends. */
  readonly expiry: Gauge;
  /** Serves what the files become. Returns what ends it. */
  follow(server: Pick<Server, 'setSecureContext'>, lookMs?: number): () => void;
}

/** @throws StartRefused when the files are no pair to serve with */
export const openTls = (files: TlsFiles, log: Logger, nowMs: () => number): FollowedTls => {
  let stamp = stampOf(files);
  let current = readPair(files);
  warnOfEnd(current, files, log, nowMs());
  const look = (server: Pick<Server, 'setSecureContext'>): void => {
    const found = stampOf(files);
    if (found === stamp) return;
    stamp = found;
    try {
      current = readPair(files);
    } catch (error) {
      log.error(
        { reason: (error as Error).message },
        'the changed certificate is not used; the one before stays',
      );
      return;
    }
    server.setSecureContext(current.options);
    log.info({ notAfter: current.notAfter.toISOString() }, 'serving a new certificate');
    warnOfEnd(current, files, log, nowMs());
  };
  return {
    options: current.options,
    expiry: {
      name: 'kindred_tls_not_after_timestamp_seconds',
      help: 'When the certificate of the HTTPS port ends, seconds since the epoch.',
      labelNames: [],
      read: async () => [{ labels: {}, value: current.notAfter.getTime() / 1000 }],
    },
    follow(server, lookMs = LOOK_MS) {
      const timer = setInterval(look, lookMs, server).unref();
      return () => clearInterval(timer);
    },
  };
};

interface Pair {
  options: TlsOptions;
  notAfter: Date;
}

const readPair = ({ certFile, keyFile }: TlsFiles): Pair => {
  const cert = readText(certFile);
  const key = readText(keyFile);
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(cert);
  } catch {
    throw new StartRefused(`${certFile} is no certificate in PEM`);
  }
  let fits: boolean;
  try {
    fits = leaf.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new StartRefused(`${keyFile} is no private key in PEM without a passphrase`);
  }
  if (!fits) throw new StartRefused(`${keyFile} is not the key of the certificate in ${certFile}`);
  const options = { ...SECURITY, cert, key };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new StartRefused(`${certFile} cannot be served: ${(error as Error).message}`);
  }
  return { options, notAfter: new Date(leaf.validTo) };
};

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartRefused(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
};

/** Differs when one of the files may have another content: renamed over, written again, linked anew. */
const stampOf = ({ certFile, keyFile }: TlsFiles): string =>
  [certFile, keyFile]
    .map((path) => {
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      return found === undefined ? '-' : `${found.ino}:${found.size}:${found.mtimeNs}`;
    })
    .join();

const warnOfEnd = (
  { notAfter }: Pair,
  { certFile }: TlsFiles,
  log: Logger,
  nowMs: number,
): void => {
  const leftMs = notAfter.getTime() - nowMs;
  if (leftMs > WARN_BEFORE_MS) return;
  const what = leftMs < 0 ? 'the certificate has ended' : 'the certificate ends soon';
  log.warn({ certFile, notAfter: notAfter.toISOString() }, what);
};

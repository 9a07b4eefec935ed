// The files that make the clients of a run trust its CA, each in the way that its runtime reads one. All but
// Node's hold the CAs of the system too, since what they name takes the place of those. Sources: the
// runtimes' own documents; for Python, requests and the vendor's SDKs, which ask certifi and no variable.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import type { Environment } from '../../client/settings.ts';
import { javaTrustStore } from './java-trust-store.ts';

export interface TrustFiles {
  /** The CA of the run alone, and what NODE_EXTRA_CA_CERTS named before. */
  ca: string;
  /** All CAs. */
  bundle: string;
  /** All CAs, for Java. */
  javaStore: string;
  /** Loaded by each Node.js. */
  nodePreload: string;
  /** Before other folders of PYTHONPATH. */
  pythonPath: string;
}

/** What else names CAs that the user's programs trust now. */
const NAMED = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'AWS_CA_BUNDLE'] as const;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export const writeTrustFiles = (
  folder: string,
  caCertificate: string,
  environment: Environment,
): TrustFiles => {
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
    return path;
  };
  const extra = certificatesIn(environment.NODE_EXTRA_CA_CERTS);
  const all = unique([
    caCertificate,
    ...systemCertificates(),
    ...extra,
    ...NAMED.flatMap((name) => certificatesIn(environment[name])),
  ]);
  const bundle = write('ca-bundle.pem', all.join('\n') + '\n');
  mkdirSync(join(folder, 'python', 'certifi'), { recursive: true, mode: 0o700 });
  write('python/certifi/__init__.py', pythonCertifi(bundle));
  return {
    ca: write('ca.pem', unique([caCertificate, ...extra]).join('\n') + '\n'),
    bundle,
    javaStore: write('trust.p12', javaTrustStore(all)),
    nodePreload: write('node-agents.cjs', NODE_AGENTS),
    pythonPath: join(folder, 'python'),
  };
};

const systemCertificates = (): string[] => {
  const system = getCACertificates('system');
  return system.length > 0 ? system : getCACertificates('bundled');
};

const certificatesIn = (path: string | undefined): string[] =>
  path && existsSync(path) ? (readFileSync(path, 'utf8').match(CERTIFICATE) ?? []) : [];

const unique = (certificates: readonly string[]): string[] => [
  ...new Set(certificates.map((text) => text.trim().replaceAll('\r', ''))),
];

/**
 * NODE_USE_ENV_PROXY reaches the global agents alone, and the vendor's SDKs make agents of their own. Plain
 * old JavaScript: it is loaded by whatever Node.js the command runs.
 */
const NODE_AGENTS = `// Written by kindred run: agents that programs make use the proxy of the environment too.
'use strict';
for (const module of [require('http'), require('https')]) {
  const withProxy = (options) => Object.assign({ proxyEnv: process.env }, options);
  module.Agent = new Proxy(module.Agent, {
    construct: (target, [options], made) => Reflect.construct(target, [withProxy(options)], made),
    apply: (target, self, [options]) => Reflect.apply(target, self, [withProxy(options)]),
  });
}
require('module').syncBuiltinESMExports();
`;

/** In the place of the package by that name, whose list of CAs can be changed by nothing else. */
const pythonCertifi = (
  bundle: string,
): string => `# Written by kindred run: the CAs of the system and that of the run.
__all__ = ["contents", "where"]
__version__ = "9999.0.0"


def where():
    return ${JSON.stringify(bundle)}


def contents():
    with open(where(), encoding="ascii") as file:
        return file.read()
`;

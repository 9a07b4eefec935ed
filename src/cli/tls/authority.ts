// X.509 certificates of a local CA, for `kindred tls init`: the CA, and leaves for servers. Keys are ECDSA
// P-256, which every client of the vendor's accepts. The CA is bound to the hosts that it was made for
// (name constraints): whoever steals its key cannot pose as anybody else to those who trust it.
// Sources: RFC 5280 (4.2.1), RFC 6125.
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { Integer, OctetString, Utf8String } from 'asn1js';
import {
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  ExtKeyUsage,
  GeneralName,
  GeneralNames,
  GeneralSubtree,
  NameConstraints,
} from 'pkijs';

export interface KeyedCertificate {
  /** PEM. */
  certificate: string;
  /** PEM (PKCS#8). */
  key: string;
}

/** Names of one certificate: DNS names and addresses, as `--host` gives them. */
export type Hosts = readonly string[];

const DAY_MS = 86_400_000;
/** Clocks of clients may be behind by so much. */
const BACKDATED_MS = 3_600_000;
/** Characters (RFC 5280, appendix A). */
const MAX_COMMON_NAME = 64;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;

const OID = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/** Bits of KeyUsage as DER: keyCertSign and cRLSign; digitalSignature. */
const CA_USAGE = Uint8Array.of(0x03, 0x02, 0x01, 0x06);
const LEAF_USAGE = Uint8Array.of(0x03, 0x02, 0x07, 0x80);

export const makeAuthority = async (hosts: Hosts, days: number, nowMs: number) => {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const name = `Kindred local CA ${new Date(nowMs).toISOString().slice(0, 10)}`;
  const certificate = begin({ subject: name, issuer: name, days, nowMs });
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  const permittedSubtrees = hosts.map((host) => new GeneralSubtree({ base: constraint(host) }));
  const keyId = await keyIdOf(certificate);
  certificate.extensions = [
    extension(
      OID.basicConstraints,
      true,
      new BasicConstraints({ cA: true, pathLenConstraint: 0 }).toSchema(),
    ),
    bytesExtension(OID.keyUsage, true, CA_USAGE),
    extension(OID.nameConstraints, true, new NameConstraints({ permittedSubtrees }).toSchema()),
    extension(OID.subjectKeyIdentifier, false, new OctetString({ valueHex: keyId })),
  ];
  return signed(certificate, keys.privateKey, keys.privateKey);
};

/** A server's certificate, signed by the CA. */
export const issue = async (
  authority: KeyedCertificate,
  hosts: Hosts,
  days: number,
  nowMs: number,
): Promise<KeyedCertificate> => {
  const caKey = await webcrypto.subtle.importKey('pkcs8', derOf(authority.key), ALGORITHM, false, [
    'sign',
  ]);
  const ca = Certificate.fromBER(derOf(authority.certificate));
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  // A name is longer than a subject may be, sometimes; clients look at the alternative names alone.
  const subject = hosts.find((host) => host.length <= MAX_COMMON_NAME) ?? 'Kindred';
  const certificate = begin({ subject, days, nowMs });
  certificate.issuer = ca.subject;
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  const names = new GeneralNames({ names: hosts.map(alternative) });
  const keyIdentifier = new OctetString({ valueHex: await keyIdOf(ca) });
  certificate.extensions = [
    extension(OID.basicConstraints, true, new BasicConstraints({ cA: false }).toSchema()),
    bytesExtension(OID.keyUsage, true, LEAF_USAGE),
    extension(
      OID.extKeyUsage,
      false,
      new ExtKeyUsage({ keyPurposes: [OID.serverAuth] }).toSchema(),
    ),
    extension(OID.subjectAltName, false, names.toSchema()),
    extension(
      OID.authorityKeyIdentifier,
      false,
      new AuthorityKeyIdentifier({ keyIdentifier }).toSchema(),
    ),
  ];
  return signed(certificate, caKey, keys.privateKey);
};

/** Those of `hosts` that the CA may not sign for. */
export const notPermitted = (authorityPem: string, hosts: Hosts): string[] => {
  const ca = Certificate.fromBER(derOf(authorityPem));
  const found = ca.extensions?.find(({ extnID }) => extnID === OID.nameConstraints)?.parsedValue;
  if (!(found instanceof NameConstraints)) return [];
  const bases = (found.permittedSubtrees ?? []).map(({ base }) => base);
  return hosts.filter((host) => !bases.some((base) => covers(base, host)));
};

const covers = (base: GeneralName, host: string): boolean => {
  const wanted = constraint(host);
  if (base.type !== wanted.type) return false;
  if (base.type !== DNS_NAME) return octetsOf(base).equals(octetsOf(wanted));
  const [name, limit] = [String(wanted.value), String(base.value)];
  return name === limit || name.endsWith(`.${limit}`);
};

const octetsOf = ({ value }: GeneralName): Buffer =>
  value instanceof OctetString ? Buffer.from(value.valueBlock.valueHexView) : Buffer.alloc(0);

interface Beginning {
  subject: string;
  issuer?: string;
  days: number;
  nowMs: number;
}

const begin = ({ subject, issuer, days, nowMs }: Beginning): Certificate => {
  const certificate = new Certificate();
  certificate.version = 2; // counted from 0: X.509 v3
  const serial = randomBytes(16);
  // Positive and without a leading zero octet.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  certificate.serialNumber = new Integer({ valueHex: exact(serial) });
  certificate.subject.typesAndValues.push(commonName(subject));
  if (issuer !== undefined) certificate.issuer.typesAndValues.push(commonName(issuer));
  certificate.notBefore.value = new Date(nowMs - BACKDATED_MS);
  certificate.notAfter.value = new Date(nowMs + days * DAY_MS);
  return certificate;
};

const commonName = (text: string) =>
  new AttributeTypeAndValue({ type: OID.commonName, value: new Utf8String({ value: text }) });

const DNS_NAME = 2;
const IP_ADDRESS = 7;

const alternative = (host: string): GeneralName =>
  isIP(host) === 0
    ? new GeneralName({ type: DNS_NAME, value: host })
    : new GeneralName({
        type: IP_ADDRESS,
        value: new OctetString({ valueHex: exact(addressBytes(host)) }),
      });

/** Of an address only itself: the mask is all ones. Of a name itself and what is below it. */
const constraint = (host: string): GeneralName => {
  if (isIP(host) === 0) return alternative(host.replace(/^\*\./, ''));
  const address = addressBytes(host);
  const mask = new Uint8Array(address.length).fill(0xff);
  const valueHex = exact(Uint8Array.of(...address, ...mask));
  return new GeneralName({ type: IP_ADDRESS, value: new OctetString({ valueHex }) });
};

const addressBytes = (host: string): Uint8Array => {
  if (isIP(host) === 4) return Uint8Array.from(host.split('.').map(Number));
  const { hostname } = new URL(`http://[${host}]`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return Uint8Array.from(
    [...before, ...zeros, ...after].flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    }),
  );
};

type Encodable = { toBER(sizeOnly?: boolean): ArrayBuffer };

const extension = (extnID: string, critical: boolean, value: Encodable): Extension =>
  new Extension({ extnID, critical, extnValue: value.toBER(false) });

const bytesExtension = (extnID: string, critical: boolean, der: Uint8Array): Extension =>
  new Extension({ extnID, critical, extnValue: exact(der) });

/** SHA-1 of the public key's bits, as RFC 5280 4.2.1.2 has it: a name, no proof. */
const keyIdOf = (certificate: Certificate): Promise<ArrayBuffer> => {
  const { valueHexView } = certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock;
  return webcrypto.subtle.digest('SHA-1', exact(valueHexView));
};

const signed = async (
  certificate: Certificate,
  signer: webcrypto.CryptoKey,
  own: webcrypto.CryptoKey,
): Promise<KeyedCertificate> => {
  await certificate.sign(signer, 'SHA-256');
  const der = certificate.toSchema(true).toBER(false);
  return {
    certificate: pem('CERTIFICATE', der),
    key: pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', own)),
  };
};

const pem = (label: string, der: ArrayBuffer): string => {
  const lines = Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
};

const derOf = (text: string): ArrayBuffer =>
  exact(Buffer.from(text.replace(/-----[^-]+-----|\s/g, ''), 'base64'));

/** The bytes in a buffer of their own. */
const exact = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

// A trust store for Java: PKCS#12 with certificates in the clear and without a password, which the JDK reads
// since 8u301. It holds no key, so that there is nothing to encrypt; the folder is the user's own.
// Source: RFC 7292; the attribute by which Java takes a certificate for a trusted one.
import {
  BmpString,
  Constructed,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
  Set,
} from 'asn1js';

const OID = {
  data: '1.2.840.113549.1.7.1',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  trustedKeyUsage: '2.16.840.1.113894.746875.1.1',
  anyExtendedKeyUsage: '2.5.29.37.0',
} as const;

type Value = Sequence | Set | OctetString | ObjectIdentifier | BmpString | Integer | Constructed;

/** @param certificates PEM */
export const javaTrustStore = (certificates: readonly string[]): Uint8Array => {
  const bags = certificates.map((pem, index) => bagOf(derOf(pem), `ca-${index}`));
  const safe = sequence(content(sequence(...bags)));
  const store = sequence(new Integer({ value: 3 }), content(safe));
  return new Uint8Array(store.toBER(false));
};

const bagOf = (der: ArrayBuffer, alias: string): Sequence =>
  sequence(
    oid(OID.certBag),
    tagged(sequence(oid(OID.x509Certificate), tagged(new OctetString({ valueHex: der })))),
    new Set({
      value: [
        attribute(OID.friendlyName, new BmpString({ value: alias })),
        attribute(OID.trustedKeyUsage, oid(OID.anyExtendedKeyUsage)),
      ],
    }),
  );

/** ContentInfo of kind data. */
const content = (value: Sequence): Sequence =>
  sequence(oid(OID.data), tagged(new OctetString({ valueHex: value.toBER(false) })));

const attribute = (name: string, value: Value): Sequence =>
  sequence(oid(name), new Set({ value: [value] }));

const sequence = (...value: Value[]): Sequence => new Sequence({ value });

const oid = (value: string): ObjectIdentifier => new ObjectIdentifier({ value });

/** `[0] EXPLICIT` */
const tagged = (value: Value): Constructed =>
  new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [value] });

const derOf = (pem: string): ArrayBuffer =>
  Uint8Array.from(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')).buffer;

/** Parameters that make the envelope of a call; every other one belongs to the operation. */
export const systemNames: ReadonlySet<string> = new Set([
  'AccessKeyId',
  'Action',
  'BearerToken',
  'Format',
  'SecureTransport',
  'SecurityToken',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureType',
  'SignatureVersion',
  'SourceIp',
  'TimeStamp',
  'Timestamp',
  'Version',
]);

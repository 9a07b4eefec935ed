/** What was sent with an object, true for one version of its file. */
export interface ObjectFacts {
  object: string;
  /** As in `BucketObject.version`. */
  version: string;
  facts: {
    /** With its quotes. */
    etag: string;
    /** CRC-64 (ECMA) of the content, in decimal; absent where nobody has computed it. */
    crc64?: string;
    /** Lower-case names of headers that the object is answered with. */
    headers: Readonly<Record<string, string>>;
  };
}

/** What was sent with an object, true for one version of its file. */
export interface ObjectFacts {
  object: string;
  /** As in `BucketObject.version`. */
  version: string;
  facts: {
    /** With its quotes. */
    etag: string;
    /** Lower-case names of headers that the object is answered with. */
    headers: Readonly<Record<string, string>>;
  };
}

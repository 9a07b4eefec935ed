/** The server refuses to start: wrong usage or an unfit data directory. Exit code 2, one sentence. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

/** The server refuses to start: wrong usage or an unfit data directory. Exit code 2, one sentence. */
export class StartRefused extends Error {
  override readonly name: string = 'StartRefused';
}

/** Another process holds the data directory. */
export class DirectoryInUse extends StartRefused {
  override readonly name = 'DirectoryInUse';
}

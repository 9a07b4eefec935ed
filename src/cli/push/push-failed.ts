/** The push has ended and nothing was published. One sentence that says what to do. Exit code 1. */
export class PushFailed extends Error {
  override readonly name = 'PushFailed';
}

/** The line stayed broken; the same command goes on from there. */
export class PatienceEnded extends PushFailed {}

/** A fault that passes: the line broke, or the server is starting again. */
export class Passing extends Error {
  override readonly name = 'Passing';
}

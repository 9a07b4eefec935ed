/** The command line is wrong. The message is one sentence that says what to do. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

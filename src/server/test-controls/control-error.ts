/** A control that cannot be done as it was asked; one sentence that says what to do. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

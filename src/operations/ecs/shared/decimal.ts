import { string, type Notes } from '../../../lib/schema.ts';

/** A number that may have a fraction, as the text that was sent: some clients send `4.000000`. */
export const decimal = (description: string, notes: Notes = {}) =>
  string({ description, pattern: '^\\d{1,7}(\\.\\d{1,9})?$', maxLength: 17, ...notes });

import { faultText } from '../../../lib/check-json.ts';

/** What is wrong with a seed, and where; `conflict`: it is well formed, and what is there differs. */
export class SeedFault extends Error {
  override readonly name = 'SeedFault';
  readonly kind: 'invalid' | 'conflict';
  constructor(path: string, message: string, kind: 'invalid' | 'conflict' = 'invalid') {
    super(faultText({ path, message }));
    this.kind = kind;
  }
}

import type { ReasonCode, WarningCode } from '../../../src/disk/reasons.ts';
import type { SparseImage } from './sparse-image.ts';

export type Declared = 'qcow2' | 'raw' | 'vhd' | 'vmdk';

/** One image of the corpus and what must be said of it. */
export interface CorpusCase {
  readonly group: string;
  readonly name: string;
  readonly declaredFormat: Declared;
  readonly image: SparseImage;
  /** Why it is refused, or what is odd about an image that is accepted. */
  readonly reason: ReasonCode | WarningCode | undefined;
  readonly verdict: 'accept' | 'reject';
  /** What it is; 'unknown' where that cannot be said. */
  readonly format: string;
  /** What it claims to be long, in bytes; undefined where it makes no claim. */
  readonly virtualSize: bigint | undefined;
}

/** Differences from the usual: format as declared, size as the base image's. */
export interface CaseOptions {
  readonly declared?: Declared;
  readonly format?: string;
  readonly virtualSize?: bigint | number | undefined;
}

/** Makes the cases of one group, of images that are mostly of one format and one size. */
export class CaseList {
  readonly cases: CorpusCase[] = [];
  readonly #group: string;
  readonly #usual: { readonly declared: Declared; readonly virtualSize?: number };

  constructor(group: string, usual: { declared: Declared; virtualSize?: number }) {
    this.#group = group;
    this.#usual = usual;
  }

  accept(name: string, image: SparseImage, options: CaseOptions & { warning?: WarningCode } = {}) {
    this.#add('accept', name, image, options.warning, options);
  }

  reject(name: string, reason: ReasonCode, image: SparseImage, options: CaseOptions = {}) {
    this.#add('reject', name, image, reason, options);
  }

  #add(
    verdict: CorpusCase['verdict'],
    name: string,
    image: SparseImage,
    reason: CorpusCase['reason'],
    options: CaseOptions,
  ): void {
    const declaredFormat = options.declared ?? this.#usual.declared;
    const format = options.format ?? declaredFormat;
    const size = 'virtualSize' in options ? options.virtualSize : this.#usual.virtualSize;
    const virtualSize = size === undefined ? undefined : BigInt(size);
    const group = this.#group;
    this.cases.push({ group, name, declaredFormat, image, reason, verdict, format, virtualSize });
  }
}

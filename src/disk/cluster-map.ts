// Which clusters of a qcow2 file are taken, and by what: one bit per cluster and kind. It looks at
// one window of the file at a time, so that a file of many small clusters costs more passes and
// never more memory. Sizes come from the measured file, never from a header field.
import { refuse } from './findings.ts';

/** Clusters per window; two maps of one bit each take 16 MiB at most, 8 MiB here. */
export const WINDOW_CLUSTERS = 2 ** 25;

/** Marks clusters of one window `[firstCluster, firstCluster + WINDOW_CLUSTERS)`. */
export class ClusterMap {
  readonly #clusters: number;
  #isUsed = false;
  #first = 0;
  #end = 0;
  readonly #taken: Uint8Array;
  readonly #compressed: Uint8Array;

  /** @param fileClusters clusters of the whole file */
  constructor(fileClusters: number) {
    this.#clusters = fileClusters;
    const bytes = Math.ceil(Math.min(fileClusters, WINDOW_CLUSTERS) / 8);
    this.#taken = new Uint8Array(bytes);
    this.#compressed = new Uint8Array(bytes);
  }

  /** Forgets everything and looks at the window that begins at `firstCluster`. */
  moveTo(firstCluster: number): this {
    this.#first = firstCluster;
    this.#end = Math.min(this.#clusters, firstCluster + WINDOW_CLUSTERS);
    // New memory is empty, and costs nothing until it is written.
    if (this.#isUsed) {
      this.#taken.fill(0);
      this.#compressed.fill(0);
    }
    this.#isUsed = true;
    return this;
  }

  /** @throws Refusal QCOW2_OVERLAP when the cluster has any use already */
  take(cluster: number): void {
    this.#set(cluster, this.#taken, this.#compressed);
  }

  /** Takes all clusters that `[offset, offset + length)` touches. */
  takeRange(offset: number, length: number, clusterBits: number): void {
    const scale = 2 ** clusterBits;
    const last = Math.min(this.#end, Math.ceil((offset + length) / scale));
    for (let c = Math.max(this.#first, Math.floor(offset / scale)); c < last; c++) this.take(c);
  }

  /** Marks a cluster that holds compressed data: these may share it among themselves. */
  takeCompressed(cluster: number): void {
    this.#set(cluster, this.#compressed, this.#taken, true);
  }

  #set(cluster: number, own: Uint8Array, other: Uint8Array, mayShare = false): void {
    if (cluster < this.#first || cluster >= this.#end) return;
    const index = (cluster - this.#first) >>> 3;
    const bit = 1 << ((cluster - this.#first) & 7);
    const used = (mayShare ? 0 : (own[index] ?? 0)) | (other[index] ?? 0);
    if ((used & bit) !== 0) refuse('QCOW2_OVERLAP', `cluster ${cluster}`);
    own[index] = (own[index] ?? 0) | bit;
  }
}

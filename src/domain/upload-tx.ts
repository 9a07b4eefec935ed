// The store's verbs behind uploads. A part of ReadTx and Tx.
import type { AccountId, UploadId } from './ids.ts';
import type { Counted, PageOf } from './tx.ts';
import type { Upload, UploadStatus } from './upload.ts';

export interface UploadReads {
  upload(uploadId: string): Promise<Upload | undefined>;
  uploadBySecret(secretHash: string): Promise<Upload | undefined>;
  /** Newest first, without those that are being deleted. */
  uploads(accountId: AccountId, page: PageOf): Promise<Counted<Upload>>;
  /** Uploads of the account that await bytes, and the bytes that they were promised in all. */
  openUploadTotals(accountId: AccountId): Promise<{ count: number; sizeBytes: number }>;
  /** The same uploads one by one, oldest first. */
  openUploads(accountId: AccountId, limit: number): Promise<Upload[]>;
  /** Uploads whose file and row are to go: deleted, or past their time. */
  spentUploads(nowMs: number, after: string, limit: number): Promise<Upload[]>;
}

export interface UploadWrites {
  /** The hash of the secret is all that is kept of it. */
  insertUpload(upload: Upload, secretHash: string): Promise<void>;
  /** Compare-and-set on the status. */
  setUploadStatus(
    uploadId: UploadId,
    from: UploadStatus,
    set: Pick<Upload, 'status' | 'version' | 'message'>,
  ): Promise<boolean>;
  deleteUploadRow(uploadId: UploadId): Promise<void>;
}

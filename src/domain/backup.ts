// Backups, as far as operations speak of them. A backup is no row: it lies in a folder of its own, and a
// run of it lives and dies with its process, since the next run goes on with what is there.

/** What a backup could not take: no store has these bytes whole. */
export interface LostBlob {
  digest: string;
  sizeBytes: number;
  reason: 'MISSING' | 'DAMAGED' | 'UNREADABLE';
}

export interface BackupRequest {
  backupId: string;
  /** Absolute, on the server's host. */
  directory: string;
  withMasterKey: boolean;
  /** Afterwards only the newest so many stay; undefined: all. */
  keep?: number;
  creationMs: number;
}

/** A run of this process. */
export interface BackupRun extends BackupRequest {
  status: 'Running' | 'Finished' | 'Failed';
  /** What it is at, or was at when it failed. */
  phase: 'database' | 'blobs' | 'record' | 'prune';
  /** Of the database's copy; 0 until it is made. */
  databaseBytes: number;
  /** Blobs that the database names, and their bytes. */
  blobCount: number;
  blobBytes: number;
  /** Of these, what was not there yet and has to be copied. */
  newBlobCount: number;
  newBytes: number;
  copiedBytes: number;
  lost: readonly LostBlob[];
  /** Names the master key without telling it. */
  masterKeyId: string;
  /** Backups that were removed because of `keep`. */
  prunedCount: number;
  /** Empty unless it failed. */
  errorCode: string;
  errorMessage: string;
}

/** A backup that lies in a folder. */
export interface BackupSummary {
  backupId: string;
  creationMs: number;
  incarnation: number;
  databaseBytes: number;
  blobCount: number;
  blobBytes: number;
  lostCount: number;
  imageCount: number;
  masterKeyId: string;
  hasMasterKey: boolean;
}

export interface Backups {
  /** Names the master key without telling it. */
  readonly masterKeyId: string;
  /** Why nothing can be backed up there, or listed, as a sentence. */
  refusalOf(directory: string): Promise<string | undefined>;
  /** An id that no backup in the folder has. */
  newBackupId(directory: string, nowMs: number): Promise<string>;
  readonly isRunning: boolean;
  /** Starts it, after any that runs. */
  begin(request: BackupRequest): void;
  /** One of the last runs of this process. */
  run(backupId: string): BackupRun | undefined;
  /** What lies in the folder, oldest first. */
  list(directory: string): Promise<BackupSummary[]>;
}

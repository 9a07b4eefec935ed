// What a backup says of itself: `backups/<id>.json`. It is written last and whole, so that where there is
// one, everything that it names was on disk before it. Read back from disk, so it is checked.
import type { BackupSummary, LostBlob } from '../../domain/backup.ts';
import type { CopyFacts } from '../../store/sqlite/database-copy.ts';

/** The form of manifests and of the folder that holds them. */
export const BACKUP_FORMAT = 1;

export interface Manifest {
  format: number;
  backupId: string;
  /** ISO 8601; the commit of the database is a moment later. */
  creationTime: string;
  /** Whose data these are. */
  instanceId: string;
  incarnation: number;
  /** Of the data directory. */
  dataFormat: number;
  kindredVersion: string;
  /** Names the master key that opens the secrets in the database. */
  masterKeyId: string;
  hasMasterKey: boolean;
  database: Pick<CopyFacts, 'sha256' | 'sizeBytes' | 'schemaVersion'>;
  counts: CopyFacts['counts'];
  /** Every blob that the database names. */
  blobs: { count: number; sizeBytes: number };
  /** Of these, the ones that are not in the backup. */
  lost: readonly LostBlob[];
  /** What each family named at the commit. */
  heads: CopyFacts['heads'];
}

export class ManifestDamaged extends Error {
  override readonly name = 'ManifestDamaged';
}

/** @throws ManifestDamaged with a sentence */
export const parseManifest = (text: string, name: string): Manifest => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ManifestDamaged(`${name} is no JSON: that backup is damaged`);
  }
  const manifest = Object(value) as Manifest; // checked member by member below
  if (Number.isSafeInteger(manifest.format) && manifest.format > BACKUP_FORMAT)
    throw new ManifestDamaged(
      `${name} has format ${manifest.format}, and this version of Kindred knows ${BACKUP_FORMAT}: use the newer version`,
    );
  const isWhole =
    manifest.format === BACKUP_FORMAT &&
    [manifest.backupId, manifest.creationTime, manifest.instanceId, manifest.masterKeyId].every(
      (member) => typeof member === 'string' && member !== '',
    ) &&
    Number.isSafeInteger(manifest.incarnation) &&
    Number.isSafeInteger(manifest.dataFormat) &&
    /^[0-9a-f]{64}$/.test(String(manifest.database?.sha256)) &&
    Number.isSafeInteger(manifest.database?.schemaVersion) &&
    Number.isSafeInteger(manifest.blobs?.count) &&
    Array.isArray(manifest.lost) &&
    Array.isArray(manifest.heads);
  if (!isWhole) throw new ManifestDamaged(`${name} lacks what a manifest must say: it is damaged`);
  return manifest;
};

export const summaryOf = (manifest: Manifest): BackupSummary => ({
  backupId: manifest.backupId,
  creationMs: Date.parse(manifest.creationTime),
  incarnation: manifest.incarnation,
  databaseBytes: manifest.database.sizeBytes,
  blobCount: manifest.blobs.count,
  blobBytes: manifest.blobs.sizeBytes,
  lostCount: manifest.lost.length,
  imageCount: manifest.counts.image,
  masterKeyId: manifest.masterKeyId,
  hasMasterKey: manifest.hasMasterKey,
});

// Why a disk image is refused, or accepted with a remark: code → one sentence for the image engineer.
// The codes are stable: tasks store them, scripts compare them, so a code never changes its meaning.
// A sentence never quotes a name or a text found inside an image.

/** Reason code → what is wrong and, where it helps, what to do. */
export const REASONS = {
  EMPTY: 'The image has no bytes.',
  TRUNCATED: 'The image is cut short: bytes that it refers to are missing.',
  FORMAT_MISMATCH: 'The content of the image is not of the declared format.',
  FORMAT_UNSUPPORTED: 'The format of the image is not supported; use QCOW2, VHD, RAW or VMDK.',
  AMBIGUOUS_FORMAT: 'The image can be read as more than one format.',
  NESTED_FORMAT: 'The disk inside the image begins like another disk image.',
  VIRTUAL_SIZE_ZERO: 'The virtual size of the disk is zero.',
  VIRTUAL_SIZE_ALIGNMENT: 'The virtual size of the disk is not a multiple of 512 bytes.',
  VIRTUAL_SIZE_LIMIT: 'The virtual size of the disk is over the limit of 2048 GiB.',

  QCOW2_VERSION: 'The QCOW2 version is neither 2 nor 3.',
  QCOW2_HEADER_LENGTH: 'The QCOW2 header length is not legal.',
  QCOW2_HEADER_EXT: 'A QCOW2 header extension is malformed.',
  QCOW2_CLUSTER_BITS: 'The QCOW2 cluster size is not between 512 bytes and 2 MiB.',
  QCOW2_ENCRYPTED: 'Encrypted QCOW2 images are not accepted.',
  QCOW2_BACKING_FILE: 'The QCOW2 image refers to a backing file; flatten it first.',
  QCOW2_DATA_FILE: 'The QCOW2 image refers to an external data file; convert it to one file first.',
  QCOW2_SNAPSHOTS: 'The QCOW2 image holds internal snapshots; convert it to drop them.',
  QCOW2_DIRTY: 'The QCOW2 image was not closed cleanly; repair it first.',
  QCOW2_CORRUPT: 'The QCOW2 image is marked as corrupt; repair it first.',
  QCOW2_UNKNOWN_FEATURE: 'The QCOW2 image needs a feature that is not supported here.',
  QCOW2_COMPRESSION_TYPE: 'The QCOW2 compression type is not known or contradicts its feature bit.',
  QCOW2_REFCOUNT_ORDER: 'The QCOW2 refcount width is over 64 bits.',
  QCOW2_REFCOUNT_TABLE: 'The size of the QCOW2 refcount table is not legal.',
  QCOW2_L1_SIZE: 'The size of the QCOW2 L1 table does not fit the virtual size.',
  QCOW2_TABLE_OFFSET: 'A QCOW2 table lies at a place that is not legal.',
  QCOW2_ENTRY_OFFSET: 'A QCOW2 table entry is malformed or points to a place that is not legal.',
  QCOW2_OVERLAP: 'Two parts of the QCOW2 image share the same cluster.',
  QCOW2_COMPRESSED_DATA: 'A compressed cluster of the QCOW2 image cannot be decompressed.',

  VHD_CHECKSUM: 'A checksum in the VHD image is wrong.',
  VHD_FOOTER_MISMATCH: 'The two footers of the VHD image differ.',
  VHD_DISK_TYPE: 'The VHD disk type or version is not supported; use a fixed or dynamic disk.',
  VHD_DIFFERENCING: 'The VHD image is a differencing disk; merge it into its parent first.',
  VHD_PARENT_LOCATOR: 'The VHD image names a parent disk.',
  VHD_SAVED_STATE: 'The VHD image belongs to a machine in saved state; shut it down first.',
  VHD_SIZE_MISMATCH: 'The size in the VHD footer is not the size of the file.',
  VHD_GEOMETRY_MISMATCH: 'The geometry in the VHD footer contradicts the size of the disk.',
  VHD_BLOCK_SIZE: 'The VHD block size is not legal.',
  VHD_BAT_SIZE: 'The size of the VHD block table does not fit the disk.',
  VHD_BAT_OFFSET: 'A VHD table lies at a place that is not legal.',
  VHD_BLOCK_OFFSET: 'A VHD block lies at a place that is not legal.',

  VMDK_SUBFORMAT: 'The VMDK subformat is not supported; use monolithicSparse or streamOptimized.',
  VMDK_VERSION: 'The VMDK version is not supported.',
  VMDK_LINE_ENDINGS: 'The VMDK image was damaged by a transfer in text mode.',
  VMDK_UNCLEAN: 'The VMDK image was not closed cleanly; repair it first.',
  VMDK_GRAIN_SIZE: 'The VMDK grain size is not legal.',
  VMDK_GRAIN_TABLE: 'A VMDK grain table is malformed or lies at a place that is not legal.',
  VMDK_FOOTER_MISMATCH: 'The VMDK footer contradicts the header.',
  VMDK_DESCRIPTOR: 'The VMDK descriptor is malformed.',
  VMDK_PARENT: 'The VMDK image refers to a parent disk; consolidate it first.',
  VMDK_EXTENT: 'The VMDK descriptor names more than its own sparse extent.',
} as const;

export type ReasonCode = keyof typeof REASONS;

/** Warning code → what is odd about an image that is accepted all the same. */
export const WARNINGS = {
  PARTITION_TABLE: 'The partition table is odd; some firmware may not boot this disk.',
  RAW_SIZE_NOT_SECTOR_MULTIPLE: 'The raw file is no multiple of 512 bytes; its end is padded.',
  VHD_GEOMETRY_ROUNDED: 'The VHD geometry is rounded down; the size of the footer is used.',
  EXPANSION_RATIO: 'The image expands to far more data than the file holds.',
} as const;

export type WarningCode = keyof typeof WARNINGS;

/** A remark on an accepted image. */
export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}

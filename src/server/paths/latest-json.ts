// `latest.json`: what the current image of a family is and where its bytes are. One address leads to
// everything that a reader needs, and its sum is that of the bytes behind its url, whenever they are read.
import {
  hexOfDigest,
  imagePath,
  labelsOf,
  SIGNATURE_FILES,
  type ImageFile,
  type ImageSignature,
} from '../../domain/address.ts';
import type { Image } from '../../domain/image.ts';
import { formatSeconds } from '../../lib/clock.ts';

export interface Latest {
  image: Image;
  system: ImageFile;
  files: readonly ImageFile[];
  signatures: readonly ImageSignature[];
}

/** @param origin `https://images.example`; empty when the request did not say */
export const latestJson = (
  { image, system, files, signatures }: Latest,
  origin: string,
): string => {
  const urlOf = (fileName: string): string => `${origin}${imagePath(image.imageId, fileName)}`;
  const fileView = ({ fileName, blob }: ImageFile) => ({
    url: urlOf(fileName),
    fileName,
    sha256: hexOfDigest(blob.digest),
    size: blob.sizeBytes,
    virtualSize: blob.virtualSizeBytes,
    format: blob.format,
  });
  const view = {
    imageId: image.imageId,
    imageName: image.imageName,
    imageFamily: image.imageFamily,
    regionId: image.regionId,
    creationTime: formatSeconds(image.creationMs),
    architecture: image.architecture,
    osType: image.osType,
    ...fileView(system),
    sha256sums: urlOf('SHA256SUMS'),
    signatures: signatures.map(({ signatureType }) => ({
      type: signatureType,
      url: urlOf(SIGNATURE_FILES[signatureType]),
    })),
    sourceImageId: image.sourceImageId ?? '',
    labels: labelsOf(image),
    disks: files.map((file) => ({
      device: file.disk.device,
      type: file.disk.diskType,
      ...fileView(file),
    })),
  };
  return `${JSON.stringify(view, undefined, 2)}\n`;
};

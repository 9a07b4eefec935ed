import type { Image } from '../../../domain/image.ts';

type Booting = Pick<Image, 'architecture' | 'bootMode' | 'secureBootSupport'>;

/** An arm64 machine and secure boot know no BIOS. */
export const bootModeFits = ({ architecture, bootMode, secureBootSupport }: Booting): boolean =>
  bootMode !== 'BIOS' || (architecture !== 'arm64' && secureBootSupport !== 'supported');

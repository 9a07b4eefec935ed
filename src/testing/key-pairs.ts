// A public key for tests, and key pairs made of it: making a real pair takes a tenth of a second.
import { REGION, type Harness, type Parameters } from './harness.ts';

/** Made by ssh-keygen, which gave the fingerprint too. */
export const PUBLIC_KEY =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBCzZY+SzM6DRG40iSR+myh07wyC1iHz2nU57E1tlz6AVCXzrqaJla94MfRKMYF2sxkwk6hV3SS535p8DV6uDVF8=';
export const FINGERPRINT_OF_KEY = '4a:96:91:e8:90:e8:bc:0e:9e:a1:16:80:64:04:45:e7';

export const importKeyPair = (
  k: Harness,
  KeyPairName: string,
  parameters: Parameters = {},
): Promise<{ KeyPairName: string; KeyPairFingerPrint: string }> =>
  k.call('ImportKeyPair', {
    RegionId: REGION,
    KeyPairName,
    PublicKeyBody: PUBLIC_KEY,
    ...parameters,
  });

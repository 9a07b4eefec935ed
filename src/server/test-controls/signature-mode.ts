/** Which timestamps of signatures are near enough: to the real clock or the world's, or to the world's alone. */
export const SIGNATURE_MODES = ['either', 'wall'] as const;
export type SignatureMode = (typeof SIGNATURE_MODES)[number];

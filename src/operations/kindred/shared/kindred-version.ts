/** Version of the product `kindred`: what goes beyond the vendor's API. */
export const KINDRED_VERSION = '2026-11-24';

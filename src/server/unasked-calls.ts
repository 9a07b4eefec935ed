/**
 * Version and Action of calls to products that are not here, which clients make unasked and do without.
 * Terraform's provider asks BssOpenApi at its start what kind of account it has.
 */
export const unaskedCalls: ReadonlySet<string> = new Set(['2017-12-14 QueryAvailableInstances']);

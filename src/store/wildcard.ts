import { sql, type RawBuilder, type SqlBool } from 'kysely';

/**
 * Matches a column against a text with `*` for any run of characters. GLOB is linear enough only
 * without runs of stars, so they are folded; its other special characters are quoted.
 */
export const wildcard = (column: string, pattern: string): RawBuilder<SqlBool> => {
  const glob = pattern.replaceAll(/\*+/g, '*').replaceAll(/[?[]/g, (character) => `[${character}]`);
  return sql<SqlBool>`${sql.ref(column)} GLOB ${glob}`;
};

/**
 * Compact JSON in raw UTF-8: some clients read neither `\uXXXX` nor pretty-printed lists. Undefined
 * members are left out.
 */
export const renderJson = (members: object): string => JSON.stringify(members);

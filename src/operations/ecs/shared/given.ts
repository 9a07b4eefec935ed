type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Only the members that are set: an absent parameter leaves no member behind. */
export const given = <T extends object>(members: T): Given<T> =>
  // The type says of each member what the filter does to it.
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Given<T>;

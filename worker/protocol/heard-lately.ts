/**
 * Whether somebody who says again and again when they spoke last is still there. Clocks of other machines may be wrong:
 * what they say is compared with what they said before, and its age taken from the own clock. Who is new is there.
 */
export function createHeardLately(now = (): number => Date.now()) {
  const heard = new Map<string, { at: number; heardAt: number }>();
  return (who: string, at: number, seconds: number): boolean => {
    if (heard.get(who)?.at !== at) heard.set(who, { at, heardAt: now() });
    return now() - (heard.get(who)?.heardAt ?? 0) < seconds * 1000;
  };
}

import type { PersonSummary } from '../../../worker/protocol/analysis.ts';

/** "3 people seen, following 1". */
export function peopleSentence(people: readonly PersonSummary[]): string {
  const followed = people.filter((person) => person.isAthlete).length;
  if (people.length === 0) return 'Nobody seen';
  const seen = people.length === 1 ? '1 person seen' : `${people.length} people seen`;
  return `${seen}, following ${followed === 0 ? 'none' : followed}`;
}

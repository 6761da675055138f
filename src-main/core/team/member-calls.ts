/** The calls of the bridge about the members of the team: asked of the team server, which knows who may. */
import { z } from 'zod';
import { AppError } from '../../../worker/protocol/errors.ts';
import { teamPaths } from '../../../worker/protocol/team.ts';
import { createTeamHttp, readRefusal, readText, type TeamRequest } from '../../../worker/storage/team-http.ts';
import { invitedMemberSchema, teamMemberSchema } from '../../contract/member-views.ts';
import type { CallHandlers } from '../call-handlers.ts';
import type { MembershipStore } from './membership.ts';

export type MemberCalls = Pick<CallHandlers, Extract<keyof CallHandlers, `members.${string}` | `monitor.${string}`>>;

const answerMilliseconds = 20_000;

export function createMemberCalls(membership: Pick<MembershipStore, 'get'>): MemberCalls {
  const ask = async <S extends z.ZodType>(schema: S, asked: TeamRequest): Promise<z.output<S>> => {
    const joined = membership.get();
    if (joined === undefined) throw new AppError('INVALID_INPUT', 'This computer has joined no team yet.');
    const http = createTeamHttp(joined.invitation);
    try {
      const answer = await http.ask(asked, AbortSignal.timeout(answerMilliseconds));
      if ((answer.statusCode ?? 500) >= 300) throw await readRefusal(answer);
      const parsed = schema.safeParse(JSON.parse(await readText(answer)));
      if (parsed.success) return parsed.data;
      throw new AppError('PROTOCOL_MISMATCH', 'The team server has another version of Shadow Trainer.', {
        cause: parsed.error,
      });
    } finally {
      http.close();
    }
  };
  const { members, monitorLinks } = teamPaths;
  return {
    'members.list': () => ask(z.object({ members: z.array(teamMemberSchema) }), { method: 'GET', path: members }),
    'members.invite': (wish) => ask(invitedMemberSchema, { method: 'POST', path: members, body: JSON.stringify(wish) }),
    async 'members.remove'({ name }) {
      const path = `${members}/${encodeURIComponent(name)}`;
      await ask(z.object({ revoked: z.literal(true) }), { method: 'DELETE', path });
      return {};
    },
    'monitor.link': () =>
      ask(z.object({ url: z.url({ protocol: /^https$/ }) }), { method: 'POST', path: monitorLinks }),
  };
}

/** Where a job goes that somebody wants done. */
import type { JobPayload } from '../../../worker/protocol/jobs.ts';
import { isEnded } from '../../../worker/protocol/status.ts';
import type { FileStores } from '../../../worker/storage/file-stores.ts';
import { sendAnalysis } from '../../../worker/storage/travelling-analysis.ts';
import type { JobView, ShownJobKind } from '../../contract/job-view.ts';
import type { TeamState } from '../../contract/team-views.ts';
import type { JobRequest } from '../jobs/job-board.ts';
import { boardNames, type OpenBoard, type PlacedBoard } from '../jobs/placed-board.ts';
import { mayTravel } from './team-moves.ts';

export interface TeamSubmitOptions {
  readonly board: PlacedBoard;
  readonly local: OpenBoard;
  readonly outbox: OpenBoard;
  readonly stores: Pick<FileStores, 'analyses' | 'assets'>;
  readonly session: () => OpenBoard | undefined;
  readonly isOn: () => boolean;
  readonly state: () => TeamState;
  /** Whether jobs are done on this computer while the team is away. */
  readonly isLocalMeanwhile: () => boolean;
  /** It is in the outbox. */
  readonly onSend: (id: string) => void;
}

export function createTeamSubmit(options: TeamSubmitOptions) {
  const { board, local, outbox, stores } = options;
  const boardOf = { local: () => local, outbox: () => outbox, team: options.session };

  /**
   * A film is rendered where its analysis was made: there the clip and the numbers lie already. Anything else is made
   * from them in a moment, and nothing is exported elsewhere that would have to wait for the team.
   */
  const isForTeam = ({ analysisId, kind }: JobPayload<'export-analysis'>, id: string): boolean =>
    kind === 'overlay' &&
    options.state() === 'team' &&
    // Done there once, and gone here: the team may not have it either.
    board.viewOn('team', id)?.status !== 'done' &&
    board.viewsOn('team').some((view) => view.kind === 'analyse-clip' && view.analysisId === analysisId);

  /** With all that a worker elsewhere needs. */
  const packed = async <N extends ShownJobKind>(request: JobRequest<N>): Promise<JobRequest<N>> => {
    if (request.name !== 'export-analysis') return request;
    const payload = request.payload as JobPayload<'export-analysis'>;
    if (!isForTeam(payload, request.id)) return request;
    return {
      ...request,
      payload: { ...payload, files: await sendAnalysis(stores, payload.analysisId) } as JobPayload<N>,
    };
  };

  return async <N extends ShownJobKind>(request: JobRequest<N>): Promise<JobView> => {
    const { id, name } = request;
    const isUnderWay = (view: JobView | undefined): boolean => view !== undefined && !isEnded(view.status);
    const place = boardNames.find((each) => isUnderWay(board.viewOn(each, id)));
    if (place !== undefined) {
      // A team that is away has its job all the same.
      const isThere = place !== 'team' || options.state() !== 'reconnecting';
      if (isThere) await boardOf[place]()?.board.submit(request);
      return board.get(id);
    }
    // What was done already, wherever that was.
    const there = board.viewOn('team', id);
    if (there?.status === 'done' && (await request.isIntact(there, undefined))) return there;
    const here = board.viewOn('local', id);
    const isHere = here?.status === 'done' && (await request.isIntact(here, await local.board.resultOf(id)));

    const isAway = options.state() === 'reconnecting' && options.isLocalMeanwhile();
    const travelling = isHere || isAway || !options.isOn() ? undefined : await packed(request);
    if (travelling === undefined || !mayTravel({ name, data: travelling.payload })) {
      await local.board.submit(request);
      return board.get(id);
    }
    await outbox.board.submit(travelling);
    options.onSend(id);
    return board.get(id);
  };
}

/** Where a job goes that somebody wants done. */
import { isEnded } from '../../../worker/protocol/status.ts';
import type { JobView, ShownJobKind } from '../../contract/job-view.ts';
import type { TeamState } from '../../contract/team-views.ts';
import type { JobRequest } from '../jobs/job-board.ts';
import { boardNames, type OpenBoard, type PlacedBoard } from '../jobs/placed-board.ts';
import { mayTravel } from './team-moves.ts';

export interface TeamSubmitOptions {
  readonly board: PlacedBoard;
  readonly local: OpenBoard;
  readonly outbox: OpenBoard;
  readonly session: () => OpenBoard | undefined;
  readonly isOn: () => boolean;
  readonly state: () => TeamState;
  /** Whether jobs are done on this computer while the team is away. */
  readonly isLocalMeanwhile: () => boolean;
  /** It is in the outbox. */
  readonly onSend: (id: string) => void;
}

export function createTeamSubmit(options: TeamSubmitOptions) {
  const { board, local, outbox } = options;
  const boardOf = { local: () => local, outbox: () => outbox, team: options.session };

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
    if (isHere || isAway || !options.isOn() || !mayTravel({ name, data: request.payload })) {
      await local.board.submit(request);
      return board.get(id);
    }
    await outbox.board.submit(request);
    options.onSend(id);
    return board.get(id);
  };
}

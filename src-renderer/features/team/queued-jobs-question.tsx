import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { JobPlace, QueuedJobsChoice } from '../../../src-main/contract/team-views.ts';
import { jobsInWords } from './team-words.ts';

interface QueuedJobsQuestionProps {
  readonly count: number;
  /** Where the switch is being turned to. */
  readonly to: JobPlace;
  /** Undefined: the switch stays where it is. */
  readonly onAnswer: (choice: QueuedJobsChoice | undefined) => void;
}

/** Asked when the switch is turned while jobs wait. What has begun is not asked about: it ends where it is. */
export function QueuedJobsQuestion({ count, to, onAnswer }: QueuedJobsQuestionProps) {
  const isOne = count === 1;
  const [here, there] = to === 'team' ? ['on this computer', 'to the team'] : ['with the team', 'to this computer'];
  return (
    <ModalOverlay className="modal-overlay" isOpen onOpenChange={(isOpen) => !isOpen && onAnswer(undefined)}>
      <Modal className="modal question">
        <Dialog role="alertdialog" className="dialog">
          <header className="panel-header">
            <Heading slot="title">
              {jobsInWords(count)} {isOne ? 'waits' : 'wait'} in the queue
            </Heading>
          </header>
          <div className="dialog-body question-body">
            <p>
              {isOne ? 'It' : 'They'} can go along {there}, or be done {here}. What has already begun ends where it is.
            </p>
            <div className="question-answers">
              <Button className="button" onPress={() => onAnswer(undefined)}>
                Do not switch
              </Button>
              <span className="push-end" />
              <Button className="button" onPress={() => onAnswer('stay')}>
                Leave {isOne ? 'it' : 'them'}
              </Button>
              <Button className="button primary" autoFocus onPress={() => onAnswer('along')}>
                Take {isOne ? 'it' : 'them'} along
              </Button>
            </div>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

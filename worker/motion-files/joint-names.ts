/** Which joint a name in a file means, as data. */
import { type JointName, thoraxPoints } from '../biomechanics/joint-motion.ts';
import { type Hand, throwingSide } from '../biomechanics/pitching/throwing-side.ts';

/**
 * Names of one side's joints in capitals-free letters and digits; the side stands before or after them as left, right,
 * l or r. OpenPose, HALPE and COCO as Pose2Sim writes them; OpenSim's joints; Vicon's and Visual3D's joint centres.
 */
const sidedNames: Readonly<Record<string, readonly string[]>> = {
  shoulder: ['shoulder', 'shoulderjc', 'shoulderjointcenter', 'sjc', 'acromial', 'glenohumeral'],
  elbow: ['elbow', 'elbowjc', 'elbowjointcenter', 'ejc'],
  wrist: ['wrist', 'wristjc', 'wristjointcenter', 'wjc', 'radiushand'],
  index: ['index', 'indexknuckle', 'hand', 'handjc', 'index1', 'finger'],
  hip: ['hip', 'hipjc', 'hipjointcenter', 'hjc'],
  knee: ['knee', 'kneejc', 'kneejointcenter', 'kjc', 'walkerknee'],
  ankle: ['ankle', 'anklejc', 'anklejointcenter', 'ajc'],
  heel: ['heel', 'calc', 'calcaneus'],
  foot_index: ['footindex', 'bigtoe', 'toe', 'toes', 'mtp'],
  ear: ['ear'],
};
const sideNames: Readonly<Record<string, 'left' | 'right'>> = { left: 'left', right: 'right', l: 'left', r: 'right' };

/** The laboratory of OpenBiomechanics names joints by what they do in the throw. */
const laboratoryNames: Readonly<Record<string, (side: ReturnType<typeof throwingSide>) => JointName>> = {
  shoulder_jc: ({ arm }) => arm.shoulder,
  elbow_jc: ({ arm }) => arm.elbow,
  wrist_jc: ({ arm }) => arm.wrist,
  hand_jc: ({ arm }) => arm.index,
  glove_shoulder_jc: ({ gloveShoulder }) => gloveShoulder,
  glove_elbow_jc: ({ hand }) => `${other(hand)}_elbow`,
  glove_wrist_jc: ({ hand }) => `${other(hand)}_wrist`,
  glove_hand_jc: ({ hand }) => `${other(hand)}_index`,
  rear_hip: ({ rear }) => rear.hip,
  rear_knee_jc: ({ rear }) => rear.knee,
  rear_ankle_jc: ({ rear }) => rear.ankle,
  lead_hip: ({ lead }) => lead.hip,
  lead_knee_jc: ({ lead }) => lead.knee,
  lead_ankle_jc: ({ lead }) => lead.ankle,
  thorax_dist: () => 'thorax_low',
  thorax_prox: () => 'thorax_high',
  thorax_ap: () => 'thorax_side',
};

function other(hand: Hand): Hand {
  return hand === 'left' ? 'right' : 'left';
}

export type NamingConvention = 'laboratory' | 'sided';

export function namingOf(names: readonly string[]): NamingConvention {
  return names.some((name) => plain(name) === 'lead_hip') ? 'laboratory' : 'sided';
}

/** Places in `names` of the joints that they name, under the convention that they follow. `hand`: laboratory only. */
export function jointPlaces(names: readonly string[], hand: Hand): ReadonlyMap<JointName, number> {
  const isLaboratory = namingOf(names) === 'laboratory';
  const side = throwingSide(hand);
  const places = new Map<JointName, number>();
  names.forEach((name, place) => {
    const joint = isLaboratory ? laboratoryNames[plain(name)]?.(side) : sidedJoint(name);
    // The first of several wins: later ones are repetitions or models' copies.
    if (joint !== undefined && !places.has(joint)) places.set(joint, place);
  });
  return places;
}

/** Without the subject's name that some systems put before a colon. */
function plain(name: string): string {
  return name
    .slice(name.lastIndexOf(':') + 1)
    .trim()
    .toLowerCase();
}

function sidedJoint(name: string): JointName | undefined {
  const letters = plain(name)
    .replace(/_study$/, '')
    .replace(/[^a-z0-9]/g, '');
  if (letters === 'nose') return 'nose';
  const thorax = thoraxPoints.find((point) => point === plain(name));
  if (thorax !== undefined) return thorax;
  for (const [part, partNames] of Object.entries(sidedNames)) {
    for (const partName of partNames) {
      const mark = letters.startsWith(partName)
        ? letters.slice(partName.length)
        : letters.endsWith(partName)
          ? letters.slice(0, -partName.length)
          : '';
      const side = sideNames[mark];
      if (side !== undefined) return `${side}_${part}` as JointName;
    }
  }
  return undefined;
}

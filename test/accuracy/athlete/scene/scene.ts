/** What is sent from the script that moves the athlete to the page that draws: plain data, one message per kind. */
import type { PartName } from '../body/part-names.ts';
import type { Vector3 } from '../vector.ts';

/** Arrays travel as base64 of their little-endian bytes. */
export interface PartData {
  readonly name: PartName;
  readonly positions: string;
  readonly normals: string;
  readonly triangles: string;
  readonly bones: string;
  readonly weights: string;
}

/** Linear RGB, 0..1. */
export interface Palette {
  readonly skin: Vector3;
  readonly hair: Vector3;
  readonly team: Vector3;
  readonly trim: Vector3;
  readonly cloth: Vector3;
}

export interface ViewData {
  readonly width: number;
  readonly height: number;
  /** Column-major 4 × 4, world to clip space. */
  readonly viewProjection: readonly number[];
  readonly clipToWorld: readonly number[];
  readonly eye: Vector3;
  readonly right: Vector3;
  readonly up: Vector3;
  readonly focusMetres: number;
}

export interface SceneData {
  readonly view: ViewData;
  /** What is behind the athlete. */
  readonly place: 'ballpark' | 'gym';
  /** Where a camera that moves sees the place from at rest: wide enough for all that its pictures show. */
  readonly wideView?: ViewData;
  /** Level direction, unit length, in which wall, trees and base line lie: away from the camera. */
  readonly outward: readonly [x: number, y: number];
  /** Whether cloth and skin are drawn with patterns that only a large picture shows. */
  readonly fine: boolean;
  /** Edge of the shadow maps, pixels. */
  readonly shadowSize: number;
  readonly parts: readonly PartData[];
  readonly palette: Palette;
  /** Standing height over the height that the shapes are written for. */
  readonly bodySize: number;
  readonly hipAtRest: Vector3;
  readonly ankleAtRest: Vector3;
  readonly shoulderAtRest: Vector3;
  /** Towards the sun, unit length. */
  readonly sunDirection: Vector3;
  /** Shifts every noise pattern, 0..1. */
  readonly grain: number;
  /** Points on the lens (radius 1) that the background is seen through. */
  readonly lensPoints: readonly (readonly [number, number])[];
}

/** One instant within the exposure. */
export interface InstantData {
  /** [bones × 3 × 4]: rows of the matrices that carry points at rest to the world. */
  readonly boneRows: readonly number[];
  /** Rows of the ball's matrix. */
  readonly ballRows: readonly number[];
  /** Shift of the picture within a pixel, pixels. */
  readonly jitter: readonly [number, number];
  readonly sunDirection: Vector3;
  /** The part of the sky that lights this instant. */
  readonly skyDirection: Vector3;
}

/** Pixels, from the lower left corner. */
export interface PixelArea {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A part of the picture that differs from the frame before. */
export interface DrawnArea extends PixelArea {
  /** Base64 of packed 8-bit RGBA, bottom row first. */
  readonly pixels: string;
}

export interface FrameData {
  /** Where the camera looks now, when it moves. */
  readonly turned?: {
    readonly viewProjection: readonly number[];
    /** Column-major 3 × 3, from pixels of the picture to pixels of the wide view; both from the lower left corner. */
    readonly toWide: readonly number[];
  };
  readonly instants: readonly InstantData[];
  /** One shadow of the sun for the whole frame, that of its middle instant. */
  readonly sharesSunShadow: boolean;
  /** Middle of what the shadow maps have to cover. */
  readonly center: Vector3;
  /** What of the picture athlete and ball may touch. */
  readonly athleteArea: PixelArea;
  /** What of the picture their shadows on the ground may touch. */
  readonly shadowArea: PixelArea;
}

/** The page's own interface, found as `globalThis.athleteStage`. */
export interface AthleteStage {
  /** Takes the place of an earlier scene. */
  setUp(scene: SceneData): void;
  draw(frame: FrameData): readonly DrawnArea[];
}

export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

/** Where a picture lies in a box when it is shown whole, centred, undistorted (`object-fit: contain`). */
export function letterbox(picture: Size, box: Size): Rectangle {
  if (picture.width <= 0 || picture.height <= 0 || box.width <= 0 || box.height <= 0) {
    return { x: 0, y: 0, width: 0, height: 0 };
  }
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { x: (box.width - width) / 2, y: (box.height - height) / 2, width, height };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A point of the box as 0..1 of the picture's width and height, held inside the picture. */
export function toPicture(point: Point, picture: Rectangle): Point {
  const share = (value: number) => (Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0);
  return { x: share((point.x - picture.x) / picture.width), y: share((point.y - picture.y) / picture.height) };
}

/** The rectangle between two points. */
export function between(first: Point, second: Point): Rectangle {
  return {
    x: Math.min(first.x, second.x),
    y: Math.min(first.y, second.y),
    width: Math.abs(first.x - second.x),
    height: Math.abs(first.y - second.y),
  };
}

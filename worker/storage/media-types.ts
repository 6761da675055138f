/** File endings by media type. */
const endings: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'application/x-npy': 'npy',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'text/csv': 'csv',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
  'video/x-msvideo': 'avi',
};

/** Media type by a file's name; 'application/octet-stream' for an ending that the product does not know. */
export function mediaTypeOf(fileName: string): string {
  const ending = fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase();
  if (ending === 'm4v') return 'video/mp4';
  const found = Object.entries(endings).find(([, known]) => known === ending);
  return found?.[0] ?? 'application/octet-stream';
}

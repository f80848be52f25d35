/** What a thumbnail is called: it is no file of anybody's. */
export function thumbnailName(contentType: string): string {
  return `thumbnail.${contentType.replace(/^image\//, '').replace('jpeg', 'jpg')}`;
}

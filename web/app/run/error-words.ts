/** An error's message for people: `The params of file.write are not right: /name wants a text` is `Name wants a text`. Pure, and small: lists load it. */
const ofParams = /The params of \S+ are not right: (.*)/s;
/** What the engine adds for whoever reads a log; on a page the step is one click away. */
const advice = /\.?\s*Look at what the expressions of this step gave, in its input\.$/;

const nameOf = (pointer: string): string => {
  const name = pointer.split('/').findLast((part) => part !== '' && !/^\d+$/.test(part)) ?? 'field';
  const words = name
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Only what names the fields is rewritten; the rest stays as it was told. */
export function errorWords(message: string): string {
  return message.replace(ofParams, (_, faults: string) =>
    faults.replace(advice, '').replaceAll(/(^|; )\/(\S*)/g, (__, before: string, pointer: string) => before + nameOf(pointer)),
  );
}

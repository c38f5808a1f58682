/** Shows a picture of a page that is one file in every place that it has: its bytes are in the page once. */

for (const image of document.querySelectorAll('img[data-repeats]')) {
  if (!(image instanceof HTMLImageElement)) continue;
  const first = document.querySelector(`img[data-image="${image.dataset.repeats}"]`);
  if (first instanceof HTMLImageElement) image.src = first.src;
}

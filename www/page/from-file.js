/*
 * A page that was opened from a file cannot run the figures: browsers load no modules from there. This is no module, so it can
 * say so. It does nothing on pages from a server.
 */
if (location.protocol === 'file:' && !document.documentElement.hasAttribute('data-single-file')) {
  addEventListener('load', function () {
    if (customElements.get('latent-lab')) return;
    var figures = document.querySelectorAll('latent-lab');
    var places = figures.length > 0 ? figures : [document.body];
    for (var i = 0; i < places.length; i++) {
      var word = document.createElement('p');
      word.setAttribute('role', 'note');
      word.textContent =
        'This figure does not run from a file: browsers load its modules only from a server. Serve the folder, for example with "cargo xtask demo", or open the version in a single file.';
      places[i].append(word);
    }
  });
}

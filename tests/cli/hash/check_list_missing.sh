evidence-hash -c nowhere

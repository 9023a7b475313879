: >list
evidence-hash -c list

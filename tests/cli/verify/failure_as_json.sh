evidence-verify --json nowhere.asice

from papertray.cli.main import main

main()

# Completes the command lines of slipway in fish. Load it with: slipway completion fish | source
function __slipway_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] completion candidates -- $words[2..-1] "$current" 2>/dev/null)
        switch $line
            # Behind a command that fish does not know, it completes files.
            case ':file*'
                complete -C "__slipway_unknown $current"
            case ':folder*'
                complete -C "__slipway_unknown $current" | string match '*/'
            case '*'
                echo $line
        end
    end
end
complete -c slipway -f -a '(__slipway_complete)'

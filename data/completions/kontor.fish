# kontor.fish: fish completes kontor's commands by asking kontor itself.

function __kontor_complete
    set -l words (commandline -opc)[2..-1] (commandline -ct)
    for line in (kontor __complete -- $words 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end

complete -c kontor -f -a '(__kontor_complete)'
